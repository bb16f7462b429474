import { messageOf } from '../../runtime/errors.ts';
import { NO_KEYS, S3Problem } from './problems.ts';

/** What requests are signed with. */
export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of keys that are lent for a while. */
  readonly sessionToken?: string | undefined;
}

export interface S3KeySource {
  current(): Promise<S3Keys>;
  /** Those that S3 did not take have perhaps been replaced: looks again. */
  anew(): Promise<S3Keys>;
}

/** So long keys are used that do not say when they end: a file of them may be written anew. */
const LOOK_MS = 60_000;

/** Keys that stay what they are. */
export const fixedKeys = (keys: S3Keys): S3KeySource => ({
  current: async () => keys,
  anew: async () => keys,
});

/**
 * Keys as programs that use AWS find them: in AWS_ACCESS_KEY_ID and its like, a shared file of credentials, the token of a web identity, or
 * where a container or a machine is lent them.
 */
export class AwsKeys implements S3KeySource {
  private readonly now: () => number;
  private provider: Promise<Provider> | undefined;
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  async current(): Promise<S3Keys> {
    // Those that end are replaced before they do.
    const { expiration, ...keys } = await this.read(false);
    if (expiration !== undefined || this.now() - this.lookedAtMs < LOOK_MS) return keys;
    return this.anew();
  }

  async anew(): Promise<S3Keys> {
    const { expiration: _, ...keys } = await this.read(true);
    this.lookedAtMs = this.now();
    return keys;
  }

  /** @throws S3Problem where there are none, or whoever lends them does not answer */
  private async read(forceRefresh: boolean): Promise<S3Keys & { readonly expiration: Date | undefined }> {
    try {
      this.provider ??= openProvider();
      const read = await (await this.provider)({ forceRefresh });
      const { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken, expiration } = read;
      return { accessKey, secretKey, sessionToken, expiration };
    } catch (error) {
      throw new S3Problem(`there are no keys for S3: ${messageOf(error)}`, NO_KEYS, undefined, true);
    }
  }
}

type Provider = Awaited<ReturnType<typeof openProvider>>;

/** Loaded only where it is needed. */
async function openProvider() {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider({ ignoreCache: true });
}
