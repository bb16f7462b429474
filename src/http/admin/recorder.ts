import type { Context, Next } from 'hono';
import type { Caller } from '../../keys/key-ring.ts';
import type { AuditLog } from '../../keys/ports.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { requestIdOf } from '../entry/request-id.ts';
import { withoutPeople } from '../entry/request-path.ts';

/** Writes down what a caller did, whatever came of it, before they get their answer. */
export function recorder(audit: AuditLog, logger: Logger) {
  return async (context: Context, { id, name }: Caller, next: Next): Promise<void> => {
    await next();
    const { method, path } = context.req;
    const at = new Date().toISOString();
    const action = `${method} ${withoutPeople(path)}`;
    try {
      await audit.write({ at, by: id, name, action, status: context.res.status, requestId: requestIdOf(context) });
    } catch (error) {
      // It is done: to refuse it now would only have it done twice.
      logger.error({ error: messageOf(error), action, by: id }, 'what an admin did could not be written down');
    }
  };
}
