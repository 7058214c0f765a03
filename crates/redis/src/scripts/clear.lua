-- Forgets everything, and begins a new life of the stats.
--
-- In one piece, because an event that is applied amid it must be forgotten together with its count or not at all. That
-- keeps Redis busy for less than a tenth of a second.
--
-- KEYS[1]  what all keys begin with
-- ARGV     the new life; the last names of all other keys

local prefix = KEYS[1] .. ':'
for first = 0, 255 do
  local buckets = {}
  for second = 0, 255 do
    buckets[second + 1] = string.format('%sids:%02x%02x', prefix, first, second)
  end
  redis.call('UNLINK', unpack(buckets))
end
for number = 2, #ARGV do
  redis.call('UNLINK', prefix .. ARGV[number])
end
redis.call('SET', prefix .. 'life', ARGV[1])
