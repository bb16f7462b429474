-- Stands before scripts that add up rankings of days. Days that are over hardly ever change: their sums are kept, and asked
-- for again they need not be added up. Their stamp says of which state of which days they are.
-- sum, stamp  keys of what is kept; written to no log and no replica, since it can be had again
-- days        key of the hash that says of a day since which adding up its rankings are as they were, and how often was added up;
--             who changes one takes the day out, so that what is written here depends on what was asked for alone
-- rankings    keys, one for each day, or as many for each as `width` says
-- labels      the days that are over; theirs are the first of the rankings
-- build       whether it is worth adding them up where they are not kept yet
-- width       how many rankings a day has
-- Returns     keys to be added up instead of the rankings
local SECONDS = 600
local PATIENCE_SECONDS = 10
local function with_kept_sums(sum, stamp, days, rankings, labels, build, width)
  if #labels == 0 then return rankings end
  local over = #labels * width
  local since = redis.call('HMGET', days, unpack(labels))
  local function wanted()
    local state = {}
    for i, label in ipairs(labels) do state[i] = label .. '=' .. (since[i] or '') end
    return table.concat(state, ' ')
  end
  local now = tonumber(redis.call('TIME')[1])
  local at, kept = string.match(redis.call('GET', stamp) or '', '^(%d+) (.*)$')
  redis.set_repl(redis.REPL_NONE)
  if kept ~= wanted() then
    -- While late events change days that are over, adding up again and again would cost more than it spares.
    if not build or (at and now - tonumber(at) < PATIENCE_SECONDS) then return rankings end
    -- A Redis that is full, or a replica, takes no write.
    if type(redis.pcall('ZUNIONSTORE', sum, over, unpack(rankings, 1, over))) ~= 'number' then return rankings end
    redis.call('EXPIRE', sum, 2 * SECONDS)
    local turn = redis.pcall('HINCRBY', days, 'turn', 1)
    if type(turn) ~= 'number' then return rankings end
    for i, label in ipairs(labels) do
      if not since[i] then
        redis.call('HSET', days, label, turn)
        since[i] = turn
      end
    end
    if redis.pcall('SET', stamp, now .. ' ' .. wanted()).err then return rankings end
  end
  -- The sums outlive their stamp: without it nobody takes them for anything.
  redis.call('EXPIRE', stamp, SECONDS)
  redis.call('EXPIRE', sum, 2 * SECONDS)
  return { sum, unpack(rankings, over + 1) }
end
