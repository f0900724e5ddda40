// What stays on the device: sealed rounds and sealed records, in IndexedDB. Nothing in the clear.

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("canvass", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("rounds", { keyPath: "round_id" });
    asked.result.createObjectStore("records");
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function ask(store, mode, question) {
  const transaction = (await opened).transaction(store, mode);
  const asked = question(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const keepRound = (round) => ask("rounds", "readwrite", (s) => s.put(round));
export const rounds = () => ask("rounds", "readonly", (s) => s.getAll());
export const keepRecords = (id, sealed) => ask("records", "readwrite", (s) => s.put(sealed, id));
export const records = (id) => ask("records", "readonly", (s) => s.get(id));

/** A round leaves the device only when all of its records have been taken. */
export async function forget(id) {
  await ask("records", "readwrite", (s) => s.delete(id));
  await ask("rounds", "readwrite", (s) => s.delete(id));
}

/** The name of this device: made up once, the same for every upload. */
export function device() {
  if (!localStorage.getItem("device")) localStorage.setItem("device", `device-${crypto.randomUUID()}`);
  return localStorage.getItem("device");
}
