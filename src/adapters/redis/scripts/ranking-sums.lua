-- Adds up members' scores over several rankings. Stands behind ranking-cache.lua.
-- KEYS[1…] the cache's four keys, KEYS[5] days that have not changed, as ranking-cache.lua takes them
-- KEYS[6…] rankings
-- ARGV[1]  '1' where much may be added up by several calls
-- ARGV[2]  how many labels follow
-- ARGV[3]  '1' where the sums of days are worth caching
-- ARGV[4…] labels of the days that the first rankings are of; then member, mask, member, mask, …, where the mask is a text of 0s
--          and 1s that says in which of the rankings the member counts, '' for all
-- Returns  msgpack: a number where the call is to be made again, or { member, sum, … } of members that any ranking holds
local first = 4 + tonumber(ARGV[2])
local labels = { unpack(ARGV, 4, first - 1) }
local rankings = with_ranking_cache({ unpack(KEYS, 1, 4) }, KEYS[5], { unpack(KEYS, 6) }, labels, ARGV[3] == '1', 1, ARGV[1] == '1')
if type(rankings) == 'number' then return cmsgpack.pack(rankings) end
local found = {}
local function add(key, members)
  for from = 1, #members, 4000 do
    local to = math.min(from + 3999, #members)
    for i, score in ipairs(redis.call('ZMSCORE', key, unpack(members, from, to))) do
      local member = members[from + i - 1]
      if score then found[member] = (found[member] or 0) + tonumber(score) end
    end
  end
end
for number, key in ipairs(rankings) do
  if redis.call('EXISTS', key) == 1 then
    local members = {}
    for i = first, #ARGV, 2 do
      if ARGV[i + 1] == '' or string.byte(ARGV[i + 1], number) == 49 then members[#members + 1] = ARGV[i] end
    end
    add(key, members)
  end
end
local sums = {}
for member, sum in pairs(found) do
  sums[#sums + 1] = member
  sums[#sums + 1] = string.format('%.17g', sum)
end
return cmsgpack.pack(sums)
