-- Stands before the scripts that add up rankings. Days that are over hardly ever change, so the sums over a period's days are
-- cached in Redis: once over all of its days, and once over all but the two newest, since the first kind holds only while
-- nobody changes these two. A stamp says which days, in which state, the sums are of, and how many rankings are in them: a call
-- may add up a part and ask to be called again, so that none holds Redis for long. The cache can be had again at any time:
-- nothing of it goes to the log or a replica.
--
-- with_ranking_cache(cache, days, rankings, labels, build, width, most)
--   cache     keys: sums over all days, their stamp, sums over all but the two newest days, their stamp
--   days      key (hash): day → number of the adding up since which its rankings are unchanged. Who changes a ranking takes the
--             day out, so that what is written here depends only on what was asked for
--   rankings  keys: `width` for each day, then others
--   labels    the days, newest last; before them may be hours of the day before them, which change only when it does
--   build     whether the sums are worth adding up where they are not cached
--   most      how many members a call may add up
-- Returns  keys to add up instead of the rankings; or how many rankings are added up so far, where there are more to come; or false
--          where adding up a single day would be more than a call may
local LIFE_SECONDS = 600
local MIN_AGE_SECONDS = 10
local function members_of(keys)
  local members = 0
  for _, key in ipairs(keys) do members = members + redis.call('ZCARD', key) end
  return members
end
local function with_ranking_cache(cache, days, rankings, labels, build, width, most)
  if #labels == 0 then return rankings end
  redis.set_repl(redis.REPL_NONE)
  local all, over = #labels, #labels - 2
  local now = tonumber(redis.call('TIME')[1])
  local days_of = {}
  for i, label in ipairs(labels) do days_of[i] = string.sub(label, 1, 10) end
  local since = redis.call('HMGET', days, unpack(days_of))
  local function state(count)
    local each = {}
    for i = 1, count do each[i] = labels[i] .. '=' .. (since[i] or '') end
    return table.concat(each, ' ')
  end
  -- When it was written, and how many rankings of the days as they are now are in the sums: a number, or 'all'.
  local function read(stamp, count)
    local at, added, of = string.match(redis.call('GET', stamp) or '', '^(%d+) (%w+) (.*)$')
    return tonumber(at), of == state(count) and added or '0'
  end
  -- The sums outlive their stamp: without it nobody takes them for anything.
  local function prolong(sum, stamp)
    redis.call('EXPIRE', stamp, LIFE_SECONDS)
    redis.call('EXPIRE', sum, 2 * LIFE_SECONDS)
  end
  -- Adds up what follows the first `added` keys, until that is as much as a call may: the sums so far are added up again with it.
  -- Returns how many are added up now, or 'all'; false where not one more may be; nothing where Redis takes no write, being full or
  -- a replica.
  local function add_up(sum, stamp, count, keys, added)
    local parts = added > 0 and { sum } or {}
    local members, before = members_of(parts), added
    while added < #keys do
      members = members + redis.call('ZCARD', keys[added + 1])
      if members > most then break end
      added = added + 1
      parts[#parts + 1] = keys[added]
    end
    if added == before then return false end
    -- Sums that are half written have no stamp.
    redis.pcall('DEL', stamp)
    if type(redis.pcall('ZUNIONSTORE', sum, #parts, unpack(parts))) ~= 'number' then return nil end
    redis.call('EXPIRE', sum, 2 * LIFE_SECONDS)
    local reached = added == #keys and 'all' or added
    local text = now .. ' ' .. reached .. ' ' .. state(count)
    return not redis.pcall('SET', stamp, text, 'EX', LIFE_SECONDS).err and reached or nil
  end
  local function number_changed()
    local changed = {}
    for i, day in ipairs(days_of) do
      if not since[i] then changed[i] = day end
    end
    if not next(changed) then return true end
    local turn = redis.pcall('HINCRBY', days, 'turn', 1)
    if type(turn) ~= 'number' then return false end
    for i, day in pairs(changed) do
      redis.call('HSET', days, day, turn)
      since[i] = turn
    end
    return true
  end

  local _, of_all = read(cache[2], all)
  if of_all == 'all' then
    prolong(cache[1], cache[2])
    return { cache[1], unpack(rankings, all * width + 1) }
  end
  local at_rest = since[all] and since[all - 1]
  build = build and number_changed()
  local at, added = read(cache[4], over)
  if added == 'all' then
    prolong(cache[3], cache[4])
  elseif build then
    local keys = { unpack(rankings, 1, over * width) }
    -- While late events change days that are over, adding up again and again would cost more than it spares.
    if added ~= '0' or not at or now - at >= MIN_AGE_SECONDS or members_of(keys) > most then
      added = add_up(cache[3], cache[4], over, keys, tonumber(added))
      if type(added) == 'number' or added == false then return added end
    end
  end
  local keys = added == 'all' and { cache[3], unpack(rankings, over * width + 1) } or rankings
  if not (build and at_rest) then return keys end
  local parts = { unpack(keys, 1, #keys - #rankings + all * width) }
  if members_of(parts) > most or not add_up(cache[1], cache[2], all, parts, 0) then return keys end
  return { cache[1], unpack(rankings, all * width + 1) }
end
