module.exports = {
  globalSetup: '<rootDir>/test/support/build.js',
  setupFiles: ['<rootDir>/test/support/uni.js'],
  testEnvironment: 'jsdom',
  // A machine that does much besides is slow; that is no fault of what is tested.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/**/*.test.js'],
  transform: { '\\.ts$': '<rootDir>/test/support/typescript.js' },
  moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1' },
  moduleFileExtensions: ['ts', 'js', 'json'],
}
