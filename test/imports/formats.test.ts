import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { NotThisFormat, readCsv } from '../../src/imports/csv.ts';
import type { Imported, ImportFormat } from '../../src/imports/formats/format.ts';
import { onlineRetail } from '../../src/imports/formats/online-retail.ts';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import { Calendar } from '../../src/time/calendar.ts';

const RETAIL = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const CLICKS = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';

async function read(format: ImportFormat, lines: readonly string[], timezone = 'UTC'): Promise<Imported[]> {
  const items: Imported[] = [];
  for await (const { imported } of readCsv(Readable.from([lines.join('\n')]), format, {
    calendar: new Calendar(timezone),
    fileId: 'f',
  }))
    items.push(...imported);
  return items;
}

const events = (items: readonly Imported[]) => items.flatMap((item) => (item.outcome === 'event' ? [item.event] : []));
const problems = (items: readonly Imported[]) =>
  items.flatMap((item) => (item.outcome === 'rejected' ? [item.problem] : []));

describe('online-retail', () => {
  test('consecutive rows of an invoice are one purchase at the first row’s time, in the store’s time zone', async () => {
    const items = await read(
      onlineRetail,
      [
        RETAIL,
        '536365,85123A,"HEART, WHITE",6,12/1/2010 8:26,2.55,17850.0,United Kingdom',
        '536365,71053,LANTERN,1,2010-12-01 08:27:00,3.39,17850.0,United Kingdom',
        'C5,X,Y,-2,2010-12-01 09:00:00,1.5,,France',
      ],
      'Asia/Kathmandu',
    );
    expect(events(items)).toEqual([
      expect.objectContaining({
        name: 'purchase',
        transaction_id: '536365',
        user_id: '17850',
        city: 'United Kingdom',
        country: 'United Kingdom',
        currency: 'GBP',
        timestamp: Date.parse('2010-12-01T08:26:00+05:45'),
        items: [
          { item_id: '85123A', item_name: 'HEART, WHITE', price: 2.55, quantity: 6 },
          { item_id: '71053', item_name: 'LANTERN', price: 3.39, quantity: 1 },
        ],
      }),
      expect.objectContaining({
        name: 'refund',
        transaction_id: 'C5',
        user_id: 'anonymous-C5',
        items: [expect.objectContaining({ quantity: 2 })],
      }),
    ]);
  });

  test.each([
    ['Quantity', '1,A,B,x,2010-12-01 08:26:00,1,1,UK'],
    ['Quantity', '1,A,B,0,2010-12-01 08:26:00,1,1,UK'],
    ['Quantity', '1,A,B,-1,2010-12-01 08:26:00,1,1,UK'],
    ['Quantity', 'C1,A,B,1,2010-12-01 08:26:00,1,1,UK'],
    ['UnitPrice', '1,A,B,1,2010-12-01 08:26:00,0,1,UK'],
    ['UnitPrice', '1,A,B,1,2010-12-01 08:26:00,free,1,UK'],
    ['UnitPrice', 'A1,B,Adjust bad debt,1,2010-12-01 08:26:00,-11062.06,,UK'],
    ['InvoiceDate', '1,A,B,1,2010-13-01 08:26:00,1,1,UK'],
    ['InvoiceDate', '1,A,B,1,soon,1,1,UK'],
    ['InvoiceNo', ',A,B,1,2010-12-01 08:26:00,1,1,UK'],
    ['StockCode', '1,,B,1,2010-12-01 08:26:00,1,1,UK'],
    ['Country', '1,A,B,1,2010-12-01 08:26:00,1,1,'],
    ['', '1,A,B,1,2010-12-01 08:26:00,1,1'],
  ])('a row whose %s is wrong is rejected, with its line', async (column, row) => {
    const items = await read(onlineRetail, [RETAIL, '9,A,B,1,2010-12-01 08:26:00,1,1,UK', row]);
    expect(problems(items)).toEqual([{ line: 3, column, message: expect.any(String) }]);
    expect(events(items).length).toBe(1);
  });
});

describe('rees46', () => {
  test('a row is an event; the product is named by its category and brand', async () => {
    const items = await read(rees46, [
      CLICKS,
      '2019-10-01 00:00:00 UTC,view,39,205,appliances.environment.water_heater,aqua,33.20,554748717,s-1',
      '2019-10-01 00:01:00 UTC,purchase,39,205,,,33.20,554748717,s-1',
    ]);
    expect(events(items)).toEqual([
      expect.objectContaining({
        name: 'view_item',
        user_id: '554748717',
        session_id: 's-1',
        currency: 'USD',
        timestamp: Date.parse('2019-10-01T00:00:00Z'),
        items: [{ item_id: '39', item_name: 'aqua water heater', price: 33.2, quantity: 1 }],
      }),
      expect.objectContaining({ name: 'purchase', transaction_id: `s-1-39-${Date.parse('2019-10-01T00:01:00Z')}` }),
    ]);
  });

  test.each([
    ['event_time', '2019-10-01T00:00:00,view,39,205,,,1,5,s'],
    ['event_type', '2019-10-01 00:00:00 UTC,look,39,205,,,1,5,s'],
    ['product_id', '2019-10-01 00:00:00 UTC,view,,205,,,1,5,s'],
    ['price', '2019-10-01 00:00:00 UTC,view,39,205,,,-1,5,s'],
    ['user_id', '2019-10-01 00:00:00 UTC,view,39,205,,,1,,s'],
    ['', '2019-10-01 00:00:00 UTC,view,39,205,,,1,5,s,more'],
  ])('a row whose %s is wrong is rejected, with its line', async (column, row) => {
    expect(problems(await read(rees46, [CLICKS, row]))).toEqual([{ line: 2, column, message: expect.any(String) }]);
  });
});

test('a file with other columns is refused whole, and the error says which it has', async () => {
  await expect(read(rees46, [RETAIL])).rejects.toThrow(NotThisFormat);
  await expect(read(onlineRetail, ['a,b'])).rejects.toThrow('the columns are a,b; online-retail has InvoiceNo');
  await expect(read(onlineRetail, [])).rejects.toThrow('empty');
});
