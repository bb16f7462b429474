-- The members with the greatest sums over several rankings. Read as a whole, the sums would take longer on the way than in the adding.
-- Behind kept-sums.lua.
-- KEYS[1]  where several are added up; gone again when the script ends
-- KEYS[2]  sums of days that are over, KEYS[3] their stamp, KEYS[4] days that have not changed
-- KEYS[5…] rankings
-- ARGV[1]  how many members, -1 for all
-- ARGV[2…] labels of the days that are over: those of the first rankings
-- Returns  msgpack: { member, sum, … }: of ties at the cut those that come first by member; in no order that is to be relied on
local labels = { unpack(ARGV, 2) }
local rankings = with_kept_sums(KEYS[2], KEYS[3], KEYS[4], { unpack(KEYS, 5) }, labels, true, 1)
local all = rankings[1]
if #rankings > 1 then
  all = KEYS[1]
  redis.set_repl(redis.REPL_NONE)
  redis.call('ZUNIONSTORE', all, #rankings, unpack(rankings))
end
local limit = tonumber(ARGV[1])
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
