import { parseXml, XmlElement } from '@rgrove/parse-xml';

export interface ListedObject {
  readonly key: string;
  readonly version: string;
  readonly bytes: number;
}

export interface Listed {
  readonly objects: readonly ListedObject[];
  /** Where the list goes on, if it does. */
  readonly next: string | undefined;
}

/** What a list of objects says. */
export function listing(xml: string): Listed {
  const { root } = parseXml(xml);
  if (root === null || root.name !== 'ListBucketResult') throw new Error('S3 answered a list that is none');
  const isEncoded = textOf(root, 'EncodingType') === 'url';
  const decoded = (key: string): string => (isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key);
  const objects = childrenOf(root, 'Contents').map((one) => ({
    key: decoded(textOf(one, 'Key')),
    version: textOf(one, 'ETag'),
    bytes: Number(textOf(one, 'Size')),
  }));
  const next = textOf(root, 'NextContinuationToken');
  return { objects, next: textOf(root, 'IsTruncated') === 'true' && next !== '' ? next : undefined };
}

/** S3's name for an error; empty where it gave none. */
export function errorName(xml: string): string {
  try {
    const { root } = parseXml(xml);
    return root?.name === 'Error' ? textOf(root, 'Code') : '';
  } catch {
    return '';
  }
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

const textOf = (element: XmlElement, name: string): string => childrenOf(element, name)[0]?.text ?? '';
