import type { Connector } from './connector.ts';
import { gtag } from './gtag/gtag.ts';
import { measurementProtocol } from './measurement-protocol/measurement-protocol.ts';
import { medusa } from './medusa/medusa.ts';
import { segment } from './segment/segment.ts';
import { shopify } from './shopify/shopify.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

/** Every way in beside POST /v1/events: a folder and a line here. */
export const connectors: readonly Connector[] = [measurementProtocol, segment, gtag, shopify, woocommerce, medusa];
