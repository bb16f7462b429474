-- Makes the caller the owner of a partition: commits of earlier owners are refused from here on.
-- KEYS[1]  the partition (hash)
-- KEYS[2]  the partition's lanes (hash): lane → its time
-- KEYS[3]  the redo record (hash): what was staged and never decided goes, and with it whom it names
-- Returns  { epoch, position or false, { lane, time, lane, time, … }, the commit that is decided and not yet applied whole, or false,
--          units committed at the position without a record counted }
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
local position, redo, step = unpack(redis.call('HMGET', KEYS[1], 'position', 'redo', 'step'))
if not redo then redis.call('UNLINK', KEYS[3]) end
return { epoch, position, redis.call('HGETALL', KEYS[2]), redo, step or '0' }
