-- Stands before scripts that read a ranking's first members.
--
-- ranking_first(ranking, limit)
--   ranking  key
--   limit    how many members, -1 for all
-- Returns  { member, score, … } in no particular order: of ties at the cut those whose members come first
local function ranking_first(ranking, limit)
  local first = redis.call('ZREVRANGE', ranking, 0, limit < 0 and -1 or limit - 1, 'WITHSCORES')
  -- None where all fit.
  local least = limit >= 0 and first[2 * limit]
  if not least then return first end
  -- ZREVRANGE has ties in descending order, so those at the cut are asked for once more in ascending order.
  while first[#first] == least do
    first[#first] = nil
    first[#first] = nil
  end
  local tied = redis.call('ZRANGEBYSCORE', ranking, least, least, 'LIMIT', 0, limit - #first / 2)
  for _, member in ipairs(tied) do
    first[#first + 1] = member
    first[#first + 1] = least
  end
  return first
end
