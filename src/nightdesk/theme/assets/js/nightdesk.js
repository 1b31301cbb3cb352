// The one script. Every page works without it; it is served as a single file.
import "./today.js";
import "./embed.js";
import "./player.js";
import "./sign-up.js";
import "./edit-link.js";
import "./live.js";
import "./older-update.js";
