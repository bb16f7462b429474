import type { Context } from 'hono';
import { HttpProblem } from '../problems.ts';

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** What is wrong with the name, and with whoever asks. */
interface Told {
  readonly host: string;
  readonly caller: string;
}

const WITHOUT_KEYS: Told = {
  host: 'Without API keys only 127.0.0.1, [::1] and localhost are answered; set ADMIN_KEYS, WRITE_KEYS or READ_KEYS to be reached by other names',
  caller:
    'Without API keys pages of other origins may neither read nor change anything; add theirs to CORS_ORIGINS, or send with a key of PUBLIC_KEYS',
};

/**
 * Without keys whoever reaches the server may do everything, and any page in a browser on this machine reaches it: by a form, by an
 * image, or by a name of its own that suddenly means 127.0.0.1. Such requests tell by their `Host`, `Origin` or `Sec-Fetch-Site`.
 */
export class SameMachine {
  private readonly corsOrigins: ReadonlySet<string>;
  private readonly told: Told;

  constructor(corsOrigins: readonly string[], told = WITHOUT_KEYS) {
    this.corsOrigins = new Set(corsOrigins);
    this.told = told;
  }

  /** @throws HttpProblem */
  checkHost({ req }: Context): void {
    const { hostname } = new URL(req.url);
    const named = req.header('Host')?.toLowerCase().replace(/:\d*$/, '') ?? hostname;
    if (LOOPBACK_HOSTS.has(named)) return;
    throw forbidden('foreign-host', this.told.host);
  }

  /** @throws HttpProblem */
  checkCaller({ req }: Context): void {
    const origin = req.header('Origin');
    const isForeign = origin === undefined ? this.isOfAnotherSite(req) : !this.isKnown(origin);
    if (!isForeign) return;
    throw forbidden('foreign-origin', this.told.caller);
  }

  isKnown(origin: string): boolean {
    return this.corsOrigins.has(origin) || LOOPBACK_HOSTS.has(URL.parse(origin)?.hostname ?? '');
  }

  /** Following a link to a page shows it to nobody but its reader. */
  private isOfAnotherSite(req: Context['req']): boolean {
    if (req.header('Sec-Fetch-Site') !== 'cross-site') return false;
    const isLink = req.method === 'GET' && req.header('Sec-Fetch-Dest') === 'document';
    return !isLink || req.path.startsWith('/v1/');
  }
}

function forbidden(code: 'foreign-host' | 'foreign-origin', detail: string): HttpProblem {
  return new HttpProblem({ code, detail });
}
