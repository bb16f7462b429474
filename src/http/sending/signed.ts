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
  const detail =
    secrets[setting].length === 0
      ? `No secret is set for this hook: set ${setting} to the one with which the shop signs`
      : `${header} is no signature of this body by a secret of ${setting}`;
  throw new HttpProblem({ code: 'unauthorized', detail });
}

/** Each secret is tried, so that one can be replaced by another. */
function isSignedBy(secrets: readonly string[], body: Uint8Array, signature: string | undefined): boolean {
  const given = Buffer.from(signature ?? '', 'base64');
  return secrets.some((secret) => {
    const right = createHmac('sha256', secret).update(body).digest();
    return right.length === given.length && timingSafeEqual(right, given);
  });
}
