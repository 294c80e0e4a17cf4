nest();
