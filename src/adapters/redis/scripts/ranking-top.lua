-- Finds the members with the greatest sums over several rankings. Reading the sums as a whole would take longer than adding up.
-- Stands behind ranking-cache.lua and ranking-first.lua.
-- KEYS[1]  where several rankings are added up; removed again when the script ends
-- KEYS[2…] the cache's four keys, KEYS[6] days that have not changed, as ranking-cache.lua takes them
-- KEYS[7…] rankings
-- ARGV[1]  how many members a call may add up
-- ARGV[2]  how many members, -1 for all
-- ARGV[3…] labels of the days, and of hours before them, that the first rankings are of
-- Returns  msgpack: a number where the call is to be made again, false where it may not add up so much, or { member, sum, … } as
--          ranking-first.lua gives them
local labels = { unpack(ARGV, 3) }
local most, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local rankings = with_ranking_cache({ unpack(KEYS, 2, 5) }, KEYS[6], { unpack(KEYS, 7) }, labels, true, 1, most)
if type(rankings) ~= 'table' then return cmsgpack.pack(rankings) end
-- The first of one ranking cost little, however many there are.
if (#rankings > 1 or limit < 0) and members_of(rankings) > most then return cmsgpack.pack(false) end
local all = rankings[1]
if #rankings > 1 then
  all = KEYS[1]
  redis.set_repl(redis.REPL_NONE)
  redis.call('ZUNIONSTORE', all, #rankings, unpack(rankings))
end
local top = ranking_first(all, limit)
if all == KEYS[1] then redis.call('UNLINK', all) end
return cmsgpack.pack(top)
