/** The message that an address of the sandbox leads to, such as /archives/C0BERLINLOG/p1700000000000100; null: to none. */
export function messageOf(url) {
  const address = new URL(url, location.href);
  const path = address.origin === location.origin && (address.pathname.startsWith("/archives/") ? address.pathname.slice(10) : address.searchParams.get("message"));
  const match = /^([A-Z0-9]+)\/p(\d{7,})(\d{6})$/.exec(path || "");
  return match && { channel: match[1], ts: `${match[2]}.${match[3]}` };
}
