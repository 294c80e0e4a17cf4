-- Whoever made a conversation owns it: now that is noted when it is made.
UPDATE members SET role = 'owner'
WHERE user = (SELECT author FROM changes WHERE changes.conversation = members.conversation AND seq = 1)
    AND conversation IN (SELECT id FROM conversations WHERE everyone = 0);
