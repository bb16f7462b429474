import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HookSetting, SignatureHeader } from '../../connectors/connector.ts';
import { HttpProblem } from '../problems.ts';

/** With which shops sign what they send, by setting. */
export type HookSecrets = Readonly<Record<HookSetting, readonly string[]>>;

/** @throws HttpProblem where no secret was set, or none of them has signed this body */
export function checkSignature(
  secrets: HookSecrets,
  { header, setting }: SignatureHeader,
  signature: string | undefined,
  body: Uint8Array,
): void {
  if (isSignedBy(secrets[setting], body, signature)) return;
  throw new HttpProblem({ code: 'unauthorized', detail: whyNot(secrets[setting], { header, setting }, signature) });
}

function whyNot(secrets: readonly string[], { header, setting }: SignatureHeader, signature: string | undefined) {
  if (secrets.length === 0)
    return `No secret is set for this hook: set ${setting} to the one with which the shop signs`;
  if (signature === undefined) return `${header} is missing: the shop signs what it sends with a secret of ${setting}`;
  return `${header} is no signature of this body by a secret of ${setting}: set the shop's there`;
}

/** Each secret is tried, so that one can be replaced by another. */
function isSignedBy(secrets: readonly string[], body: Uint8Array, signature: string | undefined): boolean {
  const given = Buffer.from(signature ?? '', 'base64');
  return secrets.some((secret) => {
    const right = createHmac('sha256', secret).update(body).digest();
    return right.length === given.length && timingSafeEqual(right, given);
  });
}
