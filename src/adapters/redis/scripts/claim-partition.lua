-- Makes the caller the owner of a partition: commits of earlier owners are refused from here on.
-- KEYS[1]  the partition (hash)
-- KEYS[2]  the partition's lanes (hash): lane → its time
-- Returns  { epoch, position or false, { lane, time, lane, time, … } }
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
return { epoch, redis.call('HGET', KEYS[1], 'position'), redis.call('HGETALL', KEYS[2]) }
