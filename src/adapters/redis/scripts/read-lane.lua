-- Reads all that a batch needs of one lane. One packed reply: a call for each kind of state would cost the reader more time
-- than the reading itself.
-- KEYS[1]  open carts (hash): user → cart
-- KEYS[2]  open carts by deadline (sorted set)
-- KEYS[3]  abandoned carts by the end of their recovery (sorted set)
-- KEYS[4…] buckets of the lane's state (hashes)
-- ARGV[1]  newest moment of the batch, milliseconds
-- ARGV[2]  msgpack: { users = { user, … }, asks = { { { key index, … }, { field, … } }, … } }; the first key that has a field wins
-- Returns  msgpack: { { user, cart, … }, { { field's number, key's number, value, … }, … } }, numbers from 0: carts of the users
--          and of those whose cart falls due, or whose recovery ends, before that moment; then what was found, ask by ask
local needs = cmsgpack.unpack(ARGV[2])
local carts = {}
local function read_carts(users)
  for from = 1, #users, 4000 do
    local found = redis.call('HMGET', KEYS[1], unpack(users, from, math.min(from + 3999, #users)))
    for i, cart in ipairs(found) do
      if cart then
        carts[#carts + 1] = users[from + i - 1]
        carts[#carts + 1] = cart
      end
    end
  end
end
-- A user who comes in several of these lists is answered several times.
read_carts(needs.users)
read_carts(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1]))
read_carts(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[1]))

local function find(keys, fields)
  local found, known = {}, {}
  for number, index in ipairs(keys) do
    if redis.call('EXISTS', KEYS[index]) == 1 then
      for from = 1, #fields, 4000 do
        local values = redis.call('HMGET', KEYS[index], unpack(fields, from, math.min(from + 3999, #fields)))
        for i, value in ipairs(values) do
          local field = from + i - 2
          if value and not known[field] then
            known[field] = true
            found[#found + 1] = field
            found[#found + 1] = number - 1
            found[#found + 1] = value
          end
        end
      end
    end
  end
  return found
end
local answers = {}
for i, ask in ipairs(needs.asks) do answers[i] = find(ask[1], ask[2]) end
return cmsgpack.pack({ carts, answers })
