-- Members that any of several rankings holds. Behind kept-sums.lua.
-- KEYS[1]  where they are put together; gone again when the script ends
-- KEYS[2]  sums of days that are over, KEYS[3] their stamp, KEYS[4] days that have not changed
-- KEYS[5…] rankings: those of the first window, those of the second, and so on
-- ARGV[1]  how many rankings a window has
-- ARGV[2…] labels of the days that are over: those of the first windows
-- Returns  msgpack: { member, … } in no order that is to be relied on
local labels = { unpack(ARGV, 2) }
local rankings = with_kept_sums(KEYS[2], KEYS[3], KEYS[4], { unpack(KEYS, 5) }, labels, true, tonumber(ARGV[1]))
redis.set_repl(redis.REPL_NONE)
redis.call('ZUNIONSTORE', KEYS[1], #rankings, unpack(rankings))
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
redis.call('UNLINK', KEYS[1])
return cmsgpack.pack(members)
