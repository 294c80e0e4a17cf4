caw();
