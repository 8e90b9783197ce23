const base = require('./playwright.config');

// Takes pictures of every state, for people to look at: `jlpm screenshots`.
module.exports = {
  ...base,
  testDir: './screenshots',
  timeout: 600000,
  use: { ...base.use, actionTimeout: 30000 }
};
