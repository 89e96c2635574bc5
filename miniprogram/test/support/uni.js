// The part of uni that sources use at load; each test sets what it needs on top.
const store = new Map()

global.uni = {
  getStorageSync: (key) => store.get(key) ?? '',
  setStorageSync: (key, value) => store.set(key, value),
  removeStorageSync: (key) => store.delete(key),
}
