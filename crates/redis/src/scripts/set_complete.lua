-- Says that the stats are complete, unless everything was lost since somebody began to make them so.
--
-- KEYS[1]  what all keys begin with
-- ARGV     the life that was made complete, or nothing where it is not known; one that the stats may have

local life, complete = KEYS[1] .. ':life', KEYS[1] .. ':complete'
local present = redis.call('GET', life)
if ARGV[1] ~= '' and present ~= ARGV[1] then return 0 end
if not present then
  present = ARGV[2]
  redis.call('SET', life, present)
end
redis.call('SET', complete, present)
return 1
