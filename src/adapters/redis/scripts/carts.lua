-- Reads the carts that a batch needs: of its own users, and those that fall due or are forgotten meanwhile.
-- KEYS[1]  carts by user
-- KEYS[2]  open carts by deadline
-- KEYS[3]  abandoned carts by the end of their recovery
-- ARGV[1]  newest moment of the batch, milliseconds
-- ARGV[2…] users
-- Returns  { user, cart, … } of those who have one
local found = {}
local asked = {}
local function look(user)
  if asked[user] then return end
  asked[user] = true
  local cart = redis.call('HGET', KEYS[1], user)
  if cart then
    found[#found + 1] = user
    found[#found + 1] = cart
  end
end
for i = 2, #ARGV do look(ARGV[i]) end
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1])) do look(user) end
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[1])) do look(user) end
return found
