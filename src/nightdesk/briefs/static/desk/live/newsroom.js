// Asking the newsroom, and telling it. What comes back is one of
//   {done: answer}           it did so
//   {stuck: answer}          it will not, and says why: somebody must look
//   {later: why}             not now: "offline", "server", "signed_out" or "other_account"
import { cookie } from "./kept.js";

const LONGEST = 30_000;

export const whoIsSignedIn = () => cookie("nightdesk_account");

async function ask(address, account, options) {
  let response;
  try {
    response = await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(LONGEST),
      ...options,
      headers: {
        Accept: "application/json",
        "X-Requested-With": "XMLHttpRequest",
        "X-Nightdesk-Account": account,
        ...options.headers,
      },
    });
  } catch {
    return { later: "offline" };
  }
  const now = whoIsSignedIn();
  if (response.status === 401 || (now && now !== account)) return { later: "other_account" };
  if (response.type === "opaqueredirect" || !now) return { later: "signed_out" };
  return { response };
}

async function read(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

export async function send(item, account) {
  const { response, later } = await ask(`${item.live.address}${item.live.verb}/`, account, {
    method: "POST",
    headers: { "X-CSRFToken": cookie("nightdesk_csrf") },
    body: new URLSearchParams(item.fields),
  });
  if (later) return { later };
  const answer = await read(response);
  if (response.ok && answer) return { done: answer };
  // Its own refusals have a name; anything else is a proxy, a full disk, a stale token.
  if (response.status < 500 && answer?.error && answer.error !== "server") return { stuck: answer };
  return { later: "server", said: answer?.error_message };
}

// `mark`: the version of the list that is shown.
export class Listener {
  constructor(address, account, mark) {
    this.address = address;
    this.account = account;
    this.mark = mark;
  }

  // has: what is shown already, "b12.9f3a1c2e e5.…"; of that only its place comes back.
  async look(has) {
    const { response, later } = await ask(this.address, this.account, {
      headers: { "If-None-Match": this.mark, "X-Nightdesk-Has": has },
    });
    if (later) return { later };
    if (response.status === 304) return { done: null };
    const answer = response.ok ? await read(response) : null;
    if (!answer?.items) return { later: "server" };
    return { done: answer, mark: response.headers.get("ETag") ?? "" };
  }
}
