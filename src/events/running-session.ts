/**
 * What stands as `session_id` where whoever reports does not know the session, such as a shop's server beside its pages: the event is of
 * the session that the visitor is in, however that one is called.
 */
export const RUNNING_SESSION = '(running)';
