-- The members with the greatest sums over several rankings. Read as a whole, the sums would take longer on the way than in the adding.
-- KEYS[1]  where they are added up; gone again when the script ends
-- KEYS[2…] rankings
-- ARGV[1]  how many members
-- Returns  { member, sum, … }: of ties at the cut those that come first by member; in no order that is to be relied on
redis.set_repl(redis.REPL_NONE)
redis.call('ZUNIONSTORE', KEYS[1], #KEYS - 1, unpack(KEYS, 2))
local limit = tonumber(ARGV[1])
local first = redis.call('ZREVRANGE', KEYS[1], 0, limit - 1, 'WITHSCORES')
local top = {}
-- None where all fit.
local least = first[2 * limit]
for i = 1, #first, 2 do
  if first[i + 1] ~= least then
    top[#top + 1] = first[i]
    top[#top + 1] = first[i + 1]
  end
end
if least then
  -- ZREVRANGE has ties in descending order, so those at the cut are asked for once more in ascending order.
  local tied = redis.call('ZRANGEBYSCORE', KEYS[1], least, least, 'LIMIT', 0, limit - #top / 2)
  for _, member in ipairs(tied) do
    top[#top + 1] = member
    top[#top + 1] = least
  end
end
redis.call('UNLINK', KEYS[1])
return top
