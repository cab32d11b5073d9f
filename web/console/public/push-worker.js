// Shows what the platform pushes, and opens its page. The message names kinds and places, never a person.
self.addEventListener('push', (event) => {
  const { title, path, id } = event.data.json();
  const text = navigator.language.startsWith('zh') ? title.zh : title.en;
  event.waitUntil(self.registration.showNotification('Hutong 互通', { body: text, tag: id, data: { path } }));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.path));
});
