// One script for every page. A page works without it; with it, acts arrive as they are said.
import { sound } from "./alarm.ts";
import { anew } from "./anew.ts";
import { clocks } from "./clocks.ts";
import { compose } from "./compose.ts";
import { keys } from "./keys.ts";
import { lists } from "./lists.ts";
import { live } from "./live.ts";
import { menus } from "./menus.ts";
import { passkeys } from "./passkeys.ts";
import { reach } from "./reach.ts";
import { room } from "./room.ts";

for (const begin of [room, anew, clocks, compose, keys, lists, menus, passkeys, reach, sound, live]) begin(document);
