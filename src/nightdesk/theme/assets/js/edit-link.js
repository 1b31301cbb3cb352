// "Edit post" for staff. Readers' HTML never holds it: a browser that has signed in asks the site,
// which decides by the session who may edit this page.
const page = document.querySelector('meta[name="nightdesk-page"]')?.content;
const staff = document.cookie.split("; ").includes("nightdesk_staff=1");

async function offerEditing() {
  const answer = await fetch(`/staff/edit-link/?page=${page}`, { credentials: "same-origin" });
  const { url, label } = answer.ok ? await answer.json() : {};
  if (!url) return;
  const link = document.createElement("a");
  link.className = "edit-link button";
  link.href = url;
  link.textContent = label;
  document.querySelector(".skip").after(link);
}

if (page && staff) offerEditing().catch(() => {});
