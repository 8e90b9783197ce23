const { configure } = require('@testing-library/react');

// No measure of speed: it ends a test that waits in vain, on a machine that others use too.
configure({ asyncUtilTimeout: 30000 });
