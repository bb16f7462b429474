-- Finds the members with the greatest sums over several rankings. Reading the sums as a whole would take longer than adding up.
-- Stands behind ranking-cache.lua.
-- KEYS[1]  where several rankings are added up; removed again when the script ends
-- KEYS[2…] the cache's four keys, KEYS[6] days that have not changed, as ranking-cache.lua takes them
-- KEYS[7…] rankings
-- ARGV[1]  '1' where much may be added up by several calls
-- ARGV[2]  how many members, -1 for all
-- ARGV[3…] labels of the days that the first rankings are of
-- Returns  msgpack: a number where the call is to be made again, or { member, sum, … } in no particular order: of ties at the cut
--          those whose members come first
local labels = { unpack(ARGV, 3) }
local rankings = with_ranking_cache({ unpack(KEYS, 2, 5) }, KEYS[6], { unpack(KEYS, 7) }, labels, true, 1, ARGV[1] == '1')
if type(rankings) == 'number' then return cmsgpack.pack(rankings) end
local all = rankings[1]
if #rankings > 1 then
  all = KEYS[1]
  redis.set_repl(redis.REPL_NONE)
  redis.call('ZUNIONSTORE', all, #rankings, unpack(rankings))
end
local limit = tonumber(ARGV[2])
local top = redis.call('ZREVRANGE', all, 0, limit < 0 and -1 or limit - 1, 'WITHSCORES')
-- None where all fit.
local least = limit >= 0 and top[2 * limit]
if least then
  -- ZREVRANGE has ties in descending order, so those at the cut are asked for once more in ascending order.
  while top[#top] == least do
    top[#top] = nil
    top[#top] = nil
  end
  local tied = redis.call('ZRANGEBYSCORE', all, least, least, 'LIMIT', 0, limit - #top / 2)
  for _, member in ipairs(tied) do
    top[#top + 1] = member
    top[#top + 1] = least
  end
end
if all == KEYS[1] then redis.call('UNLINK', all) end
return cmsgpack.pack(top)
