"""The tools of the mask editor as pure functions: each says which pixels it means, and changes none."""
