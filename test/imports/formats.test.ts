import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCsv } from '../../src/imports/csv.ts';
import { inspectFile } from '../../src/imports/file.ts';
import type { Imported, ImportFormat, Repair } from '../../src/imports/formats/format.ts';
import { LastRows } from '../../src/imports/formats/last-rows.ts';
import { onlineRetail } from '../../src/imports/formats/online-retail.ts';
import { rees46 } from '../../src/imports/formats/rees46.ts';
import { retailrocket } from '../../src/imports/formats/retailrocket.ts';
import { shopifyOrders } from '../../src/imports/formats/shopify-orders.ts';
import { BrokenFile, NotThisFormat } from '../../src/imports/problems.ts';
import { Calendar } from '../../src/time/calendar.ts';

const RETAIL = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const CLICKS = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';

const folder = mkdtempSync(join(tmpdir(), 'cartpulse-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

interface Read {
  readonly items: Imported[];
  readonly repairs: readonly Repair[];
  readonly rows: number;
}

/** Reads a file as the importer does: all of it for the survey, then row by row. */
async function readFile(format: ImportFormat, content: string | Uint8Array, timezone = 'UTC'): Promise<Read> {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  const csv = await openCsv(await inspectFile(path, 1_048_576), format);
  const decimalComma = csv.delimiter === ';';
  const reader = format.open({ calendar: new Calendar(timezone), fileId: 'f', decimalComma });
  let rows = 0;
  for await (const row of csv.rows()) {
    rows += 1;
    if ('fields' in row) reader.survey?.(row);
  }
  const items: Imported[] = [];
  for await (const row of csv.rows())
    items.push(...('fields' in row ? reader.read(row) : [{ outcome: 'rejected' as const, problem: row }]));
  return { items, rows, repairs: [...csv.repairs, ...(reader.repairs?.() ?? [])] };
}

const read = async (format: ImportFormat, lines: readonly string[], timezone = 'UTC'): Promise<Imported[]> =>
  (await readFile(format, lines.join('\n'), timezone)).items;

const events = (items: readonly Imported[]) => items.flatMap((item) => (item.outcome === 'event' ? [item.event] : []));
const problems = (items: readonly Imported[]) =>
  items.flatMap((item) => (item.outcome === 'rejected' ? [item.problem] : []));

describe('online-retail', () => {
  test('rows of an invoice are one purchase at the first row’s time, in the store’s time zone', async () => {
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
    ['Quantity', '1,A,B,6.5,2010-12-01 08:26:00,1,1,UK'],
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

describe('rows of one invoice', () => {
  const row = (number: string, item: string, price = '1') => `${number},${item},D,1,2010-12-01 08:26:00,${price},1,UK`;
  const itemsOf = (items: readonly Imported[]) =>
    events(items).map((event) => [
      event['transaction_id'],
      (event['items'] as { item_id: string }[]).map(({ item_id }) => item_id).join(''),
    ]);

  test('are one purchase wherever they stand', async () => {
    const items = await read(onlineRetail, [
      RETAIL,
      row('1', 'A'),
      row('2', 'B'),
      row('1', 'C'),
      row('3', 'D'),
      row('2', 'E'),
    ]);
    expect(itemsOf(items)).toEqual([
      ['1', 'AC'],
      ['3', 'D'],
      ['2', 'BE'],
    ]);
    expect(events(items).map(({ event_id }) => event_id)).toEqual(['f-4', 'f-5', 'f-6']);
  });

  test('are one purchase though the last one is rejected', async () => {
    const items = await read(onlineRetail, [RETAIL, row('1', 'A'), row('2', 'B'), row('1', 'C', '0')]);
    expect(itemsOf(items)).toEqual([
      ['2', 'B'],
      ['1', 'A'],
    ]);
  });

  test('of more than an event may have go on in a second one, and none is lost', async () => {
    const lines = Array.from({ length: 2_001 }, (_, i) => row('1', `i${i};`));
    const items = await read(onlineRetail, [RETAIL, ...lines]);
    expect(events(items).map((event) => [event['transaction_id'], (event['items'] as unknown[]).length])).toEqual([
      ['1', 2_000],
      ['1#2', 1],
    ]);
  });

  test('have bounds: a file that would make us remember too much is refused, with the line', () => {
    const orders = new LastRows({ orders: 2, scatteredRows: 3 });
    orders.note('a', 2);
    orders.note('a', 3);
    orders.note('b', 4);
    expect(() => orders.note('c', 5)).toThrow('line 5: a file may hold at most 2 orders; split it here');
    orders.note('a', 5);
    expect(() => orders.note('b', 6)).toThrow('line 6: rows of too many orders stand apart; sort the file');
  });
});

describe('relatives of online-retail', () => {
  const row = '1,A,D,6,2010-12-01 08:26:00,2.55,17850,UK';
  const one = [expect.objectContaining({ items: [expect.objectContaining({ price: 2.55, quantity: 6 })] })];

  test.each([
    ['Online Retail II', 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country', row],
    ['a column that counts rows', `,${RETAIL}`, `0,${row}`],
    ['a column that counts rows, with a name', `index,${RETAIL}`, `0,${row}`],
    ['semicolons', RETAIL.replaceAll(',', ';'), row.replaceAll(',', ';')],
    ['semicolons and decimal commas', RETAIL.replaceAll(',', ';'), row.replaceAll(',', ';').replace('2.55', '2,55')],
    ['tabs', RETAIL.replaceAll(',', '\t'), row.replaceAll(',', '\t')],
    ['tabs, with a column that counts rows', `\t${RETAIL.replaceAll(',', '\t')}`, `0\t${row.replaceAll(',', '\t')}`],
    ['columns in another order', RETAIL.split(',').reverse().join(','), row.split(',').reverse().join(',')],
  ])('%s', async (_, header, line) => {
    expect(events(await read(onlineRetail, [header, line]))).toEqual(one);
  });

  test('lines that end as on old Macs, on Windows, or in both ways', async () => {
    for (const text of [`${RETAIL}\r${row}\r`, `${RETAIL}\r\n${row}\r\n`, `${RETAIL}\n\n${row}\r\n\r\n`])
      expect(events((await readFile(onlineRetail, text)).items)).toEqual(one);
  });

  test.each([
    ['latin1', 'the file is not UTF-8; read as Windows-1252'],
    ['utf16le', 'the file is UTF-16; read as that'],
  ] as const)('%s text, said in what was repaired', async (encoding, message) => {
    const mark = encoding === 'utf16le' ? '\ufeff' : '';
    const content = Buffer.from(`${mark}${RETAIL}\n1,A,3 FOR £5,6,2010-12-01 08:26:00,2.55,17850,UK`, encoding);
    const { items, repairs } = await readFile(onlineRetail, content);
    expect(events(items)[0]?.['items']).toEqual([expect.objectContaining({ item_name: '3 FOR £5' })]);
    expect(repairs).toEqual([{ line: 1, column: '', message }]);
  });

  const dated = (date: string) => `${date}-1,A,D,1,${date} 8:26,1,1,UK`;
  const days = (items: readonly Imported[]) =>
    events(items).map(({ timestamp }) => new Date(Number(timestamp)).toISOString().slice(0, 10));

  test('dates are day-first in the whole file where one of them proves it', async () => {
    const { items, repairs } = await readFile(
      onlineRetail,
      [RETAIL, dated('01/12/2010'), dated('13/12/2010')].join('\n'),
    );
    expect(days(items)).toEqual(['2010-12-01', '2010-12-13']);
    expect(repairs).toEqual([
      { line: 3, column: 'InvoiceDate', message: expect.stringMatching(/^13\/12\/2010 8:26 shows/) },
    ]);
  });

  test('dates that could mean two things, since the file has both orders, are rejected', async () => {
    const items = await read(onlineRetail, [RETAIL, dated('01/12/2010'), dated('13/12/2010'), dated('12/13/2010')]);
    expect(problems(items)).toEqual([2, 3, 4].map((line) => expect.objectContaining({ line, column: 'InvoiceDate' })));
  });
});

describe('a file whose structure breaks is refused, with its line', () => {
  const row = (number: number, description = 'D') => `${number},A,${description},1,2010-12-01 08:26:00,1,1,UK`;
  test.each([
    ['a quote that never closes', [row(1), row(2, '"BROKEN'), row(3)], 3],
    ['a quote that a later one closes', [row(1), row(2, '"BROKEN'), row(3), row(4, '"FINE"')], 3],
    ['a quote that the end of a field closes', [row(1), row(2, '"BROKEN'), row(3, '6"')], 3],
    ['a quote behind blank lines', [row(1), '', row(2, '"BROKEN'), row(3)], 4],
    ['a quote in a long file', [...Array.from({ length: 3_000 }, (_, i) => row(i)), row(9, '"BROKEN'), row(10)], 3_002],
  ])('%s', async (_, lines, line) => {
    const reading = read(onlineRetail, [RETAIL, ...lines]);
    await expect(reading).rejects.toThrow(BrokenFile);
    await expect(reading).rejects.toMatchObject({
      line,
      message: expect.stringContaining(`line ${line}: a quote opens`),
    });
  });

  test('line breaks within quotes, quotes within a field and doubled quotes break nothing', async () => {
    const lines = [row(1, '"TWO\r\nLINES, ""SAID"""'), row(2, 'FRAME 6" OAK'), row(3, '"HEART" SIGN'), row(4)];
    const { items, rows } = await readFile(onlineRetail, [RETAIL, ...lines].join('\r\n'));
    expect([rows, events(items).length]).toEqual([4, 4]);
    expect(events(items)[0]?.['items']).toEqual([expect.objectContaining({ item_name: 'TWO\nLINES, "SAID"' })]);
  });

  test('every other line is a row, or a row that is rejected: none vanishes', async () => {
    const lines = [row(1), RETAIL, 'Total,1', '   ', row(2), 'x'];
    const { items, rows } = await readFile(onlineRetail, [RETAIL, ...lines].join('\n'));
    expect([rows, events(items).length, problems(items).length]).toEqual([6, 2, 4]);
  });
});

describe('retailrocket', () => {
  const EVENTS = 'timestamp,visitorid,event,itemid,transactionid';

  test('rows are views, cart additions and purchases; those of one transaction are one purchase', async () => {
    const items = await read(retailrocket, [
      EVENTS,
      '1433221332117,257597,view,355908,',
      '1433221340000,257597,addtocart,355908,',
      '1433221350000,257597,transaction,355908,4000',
      '1433221351000,111016,view,318965,',
      '1433221350000,257597,transaction,318965,4000',
    ]);
    expect(events(items)).toEqual([
      expect.objectContaining({ name: 'view_item', user_id: '257597', timestamp: 1433221332117 }),
      expect.objectContaining({ name: 'add_to_cart', items: [{ item_id: '355908', quantity: 1 }] }),
      expect.objectContaining({ name: 'view_item', user_id: '111016' }),
      expect.objectContaining({
        name: 'purchase',
        transaction_id: '4000',
        items: [
          { item_id: '355908', quantity: 1 },
          { item_id: '318965', quantity: 1 },
        ],
      }),
    ]);
  });

  test.each([
    ['timestamp', 'soon,1,view,2,'],
    ['visitorid', '1433221332117,,view,2,'],
    ['event', '1433221332117,1,look,2,'],
    ['itemid', '1433221332117,1,view,,'],
    ['transactionid', '1433221332117,1,transaction,2,'],
  ])('a row whose %s is wrong is rejected, with its line', async (column, line) => {
    expect(problems(await read(retailrocket, [EVENTS, line]))).toEqual([
      { line: 2, column, message: expect.any(String) },
    ]);
  });
});

describe('shopify-orders', () => {
  const HEADER =
    'Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping City,Shipping Country,Cancelled at,Payment Method,Refunded Amount,Id,Tags';
  const first = (name: string, { status = 'paid', refunded = '0.00', subtotal = '25.00', currency = 'EUR' } = {}) =>
    `${name},Ann@shop.example,${status},,${currency},${subtotal},4.90,29.90,2026-11-20 09:30:00 +0100,2,Mug,10.00,mug-1,Köln,DE,,Klarna,${refunded},77${name.slice(1)},`;
  const more = (name: string) => `${name},Ann@shop.example,,,,,,,2026-11-20 09:30:00 +0100,1,Tea,5.00,,,,,,,,`;

  test('rows of an order are one purchase, worth its subtotal', async () => {
    const items = await read(shopifyOrders, [HEADER, first('#1'), more('#1')]);
    expect(events(items)).toEqual([
      {
        event_id: 'f-3',
        name: 'purchase',
        timestamp: Date.parse('2026-11-20T08:30:00Z'),
        user_id: 'ann@shop.example',
        currency: 'EUR',
        value: 25,
        transaction_id: '771',
        city: 'Köln',
        country: 'DE',
        payment_type: 'Klarna',
        items: [
          { item_id: 'mug-1', item_name: 'Mug', price: 10, quantity: 2 },
          { item_id: 'Tea', item_name: 'Tea', price: 5, quantity: 1 },
        ],
      },
    ]);
  });

  test('a quantity may have three decimals, and is rejected with more', async () => {
    const line = (quantity: string) => more('#1').replace(',1,Tea', `,${quantity},Tea`);
    const items = await read(shopifyOrders, [HEADER, first('#1'), line('1.85'), line('0.0005')]);
    expect(events(items)).toMatchObject([{ items: [{ quantity: 2 }, { item_id: 'Tea', quantity: 1.85 }] }]);
    expect(problems(items)).toEqual([
      {
        line: 4,
        column: 'Lineitem quantity',
        message: 'must be a number from 0.001 to 1000000, with at most three decimals',
      },
    ]);
  });

  test('what was paid back is a refund, of at most what the order counted', async () => {
    const items = await read(shopifyOrders, [HEADER, first('#1', { refunded: '29.90' })]);
    expect(events(items).map(({ event_id, name, value }) => [event_id, name, value])).toEqual([
      ['f-2', 'purchase', 25],
      ['f-2-refund', 'refund', 25],
    ]);
  });

  test.each([
    ['Financial Status', first('#1', { status: 'voided' })],
    ['Subtotal', first('#1', { subtotal: 'free' })],
    ['Currency', first('#1', { currency: 'XXXX' })],
    ['Refunded Amount', first('#1', { refunded: '-1' })],
  ])('an order whose %s is wrong is rejected with all its rows', async (column, line) => {
    const items = await read(shopifyOrders, [HEADER, line, more('#1'), first('#2')]);
    expect(problems(items).map((one) => [one.line, one.column])).toEqual([
      [2, column],
      [3, 'Name'],
    ]);
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
