// A link to an update that is on its coverage's first page no more leads to its own address.
const [, update] = /^#e(\d+)$/.exec(location.hash) ?? [];
const page = document.querySelector(".coverage nd-live[events]");
if (update && page && !document.getElementById(`e${update}`)) location.replace(`${location.pathname}${update}/`);
