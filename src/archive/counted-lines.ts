import { ABSENT } from '../fold/columns/column.ts';
import type { Columns } from '../fold/columns/columns.ts';
import type { ByteText } from '../metrics/sums/byte-text.ts';

/** An event's lines, as JSON of a row that waits. */
export function writeLines(text: ByteText, columns: Columns, row: number): void {
  const { items, titles } = columns.dictionaries;
  const from = columns.linesFrom.at(row);
  for (let line = from; line < columns.linesTo.at(row); line++) {
    const item = columns.lineItem.at(line);
    text.text(line === from ? ',"i":[{"item_id":' : ',{"item_id":').json(items.bytes, items.from(item), items.to(item));
    for (const [key, titled] of [
      ['item_name', columns.lineTitle],
      ['category', columns.lineCategory],
      ['brand', columns.lineBrand],
      ['variant', columns.lineVariant],
    ] as const) {
      const title = titled.at(line);
      if (title !== ABSENT) text.text(`,"${key}":`).json(titles.bytes, titles.from(title), titles.to(title));
    }
    const price = columns.linePrice.at(line);
    if (!Number.isNaN(price)) text.text(',"price":').text(String(price));
    text
      .text(',"quantity":')
      .text(String(columns.lineQuantity.at(line)))
      .text('}');
  }
  text.text(']');
}
