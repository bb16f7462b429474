-- Stands before the scripts that keep answers, which share its keys.
-- KEYS[1]  answers (hash): name → `running <token>` or `done <answer>`; `#bytes` → bytes of all of them
-- KEYS[2]  times (sorted set): name → the millisecond in which it is forgotten
-- Returns  nothing: forget(name) and remember(name, value, untilMs) keep both, and the bytes, in step
local function forget(name)
  redis.call('HINCRBY', KEYS[1], '#bytes', 0 - redis.call('HSTRLEN', KEYS[1], name))
  redis.call('HDEL', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
end

local function remember(name, value, untilMs)
  forget(name)
  redis.call('HSET', KEYS[1], name, value)
  redis.call('ZADD', KEYS[2], untilMs, name)
  redis.call('HINCRBY', KEYS[1], '#bytes', #value)
end

