-- Lists the members that any of several rankings holds. Stands behind ranking-cache.lua.
-- KEYS[1]  where rankings are put together; removed again when the script ends
-- KEYS[2…] the cache's four keys, KEYS[6] days that have not changed, as ranking-cache.lua takes them
-- KEYS[7…] rankings: those of the first window, those of the second, and so on
-- ARGV[1]  how many members a call may add up
-- ARGV[2]  how many rankings a window has
-- ARGV[3…] labels of the days, and of hours before them, that the first windows are
-- Returns  msgpack: a number where the call is to be made again, false where it may not add up so much, or { member, … } in no
--          particular order
local labels = { unpack(ARGV, 3) }
local most, width = tonumber(ARGV[1]), tonumber(ARGV[2])
local rankings = with_ranking_cache({ unpack(KEYS, 2, 5) }, KEYS[6], { unpack(KEYS, 7) }, labels, true, width, most)
if type(rankings) ~= 'table' then return cmsgpack.pack(rankings) end
if members_of(rankings) > most then return cmsgpack.pack(false) end
if #rankings == 1 then return cmsgpack.pack(redis.call('ZRANGE', rankings[1], 0, -1)) end
redis.set_repl(redis.REPL_NONE)
redis.call('ZUNIONSTORE', KEYS[1], #rankings, unpack(rankings))
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
redis.call('UNLINK', KEYS[1])
return cmsgpack.pack(members)
