"""None. With this module Django tells the app, the last of all, that migrating is over: see ``portal.walls.apps``."""
