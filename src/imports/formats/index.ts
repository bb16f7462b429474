import type { ImportFormat } from './format.ts';
import { onlineRetail } from './online-retail.ts';
import { rees46 } from './rees46.ts';
import { retailrocket } from './retailrocket.ts';
import { shopifyOrders } from './shopify-orders.ts';

/** Every format that can be imported, by name. */
export const importFormats: ReadonlyMap<string, ImportFormat> = new Map(
  [onlineRetail, rees46, retailrocket, shopifyOrders].map((format) => [format.name, format]),
);
