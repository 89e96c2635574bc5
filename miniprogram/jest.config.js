const each = {
  setupFiles: ['<rootDir>/test/support/uni.js'],
  transform: { '\\.ts$': '<rootDir>/test/support/typescript.js' },
  moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1' },
  moduleFileExtensions: ['ts', 'js', 'json'],
}

module.exports = {
  // A machine that does much besides is slow; that is no fault of what is tested.
  testTimeout: 120_000,
  projects: [
    {
      ...each,
      displayName: 'pages',
      globalSetup: '<rootDir>/test/support/build.js',
      testEnvironment: 'jsdom',
      testMatch: ['<rootDir>/test/pages/**/*.test.js', '<rootDir>/test/pages/**/*.test.ts'],
    },
    {
      // Plain functions; a file that wants a browser's window says so at its top (@jest-environment jsdom): making one
      // takes longer than its tests.
      ...each,
      displayName: 'unit',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/unit/**/*.test.js'],
    },
  ],
}
