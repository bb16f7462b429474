-- Adds up members' scores over several rankings. Stands behind ranking-cache.lua, and before scripts that use it.
--
-- ranking_sums(rankings, masked)
--   rankings  keys
--   masked    { member, mask, member, mask, … }, where the mask is a text of 0s and 1s that says in which of the rankings the
--             member counts, '' for all
-- Returns  { member, sum, … } of members that any ranking holds
local function ranking_sums(rankings, masked)
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
      for i = 1, #masked, 2 do
        if masked[i + 1] == '' or string.byte(masked[i + 1], number) == 49 then members[#members + 1] = masked[i] end
      end
      add(key, members)
    end
  end
  local sums = {}
  for member, sum in pairs(found) do
    sums[#sums + 1] = member
    sums[#sums + 1] = string.format('%.17g', sum)
  end
  return sums
end
