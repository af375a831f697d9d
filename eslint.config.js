import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import windowRooms from './renderer/rooms.cjs';

// Node runs sources as they are, so an import names the real file (assets go through Vite with ?raw, ?url).
const realFileNames = {
  regex: String.raw`^\.{1,2}/(?!.*\.(ts|svelte|json|css|svg|png|md|js|mjs|cjs|html)(\?\w+)?$)`,
  message: 'Write the file extension: ./name.ts',
};
const contractOnly = {
  regex: String.raw`^(\.\./)+(main/(?!common/)|test/|preload/(?!contract\.ts$))`,
  message:
    'The window knows the main side through preload/contract.ts, and shares main/common with it.',
};
const noElectron = {
  name: 'electron',
  message: 'Only main/electron and preload know Electron; take a small interface instead.',
};

const { rooms } = windowRooms;
/** What a room of the window may not import, for components, whose imports of types dependency-cruiser does not see. */
const aboveOrBeside = (room) => {
  const closed = Object.keys(rooms).filter((one) => one !== room && !rooms[room].includes(one));
  return {
    regex: String.raw`^(\.\./)+(${closed.join('|')})/`,
    message: `${room} does not lie above it: see renderer/rooms.cjs.`,
  };
};
const noImports = (...patterns) => ({
  'no-restricted-imports': ['error', { paths: [noElectron], patterns }],
});

export default defineConfig(
  { ignores: ['dist/', 'release/', 'test-results/', 'main/assets/', '**/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,

  {
    files: ['**/*.ts'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Numbers in messages are what this product is about.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Interfaces here are written with methods and made by factories as closures: nothing has a this.
      '@typescript-eslint/unbound-method': 'off',
      // Many an interface is asynchronous although one of its implementations is not.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // svelte-check looks at the types in components; the linter reads them without, which is quick.
    files: ['**/*.svelte'],
    extends: [ts.configs.recommended, svelte.configs.recommended],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // The compiler knows every name already.
    files: ['**/*.ts', '**/*.svelte'],
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: globals.node },
  },

  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'off',
      ...noImports(realFileNames),
    },
  },
  {
    files: ['renderer/**'],
    languageOptions: { globals: globals.browser },
    // dependency-cruiser sees components compiled, without their imports of types: this closes the gap.
    rules: noImports(realFileNames, contractOnly),
  },
  ...Object.keys(rooms)
    .filter((room) => room !== 'app')
    .map((room) => ({
      files: [`renderer/${room}/**`],
      rules: noImports(realFileNames, contractOnly, aboveOrBeside(room)),
    })),
  {
    files: ['main/electron/**', 'preload/**', 'test/runtime/loader/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [realFileNames] }] },
  },
  {
    // What came from outside could steer the terminal.
    files: ['main/electron/**'],
    ignores: ['main/electron/log.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    // Every call of the window passes the checks of one file.
    files: ['**/*.ts'],
    ignores: ['main/electron/register.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "MemberExpression[object.name='ipcMain'][property.name=/^(handle|handleOnce|on|once)$/]",
          message:
            'Only main/electron/register.ts listens to the window: add to preload/contract.ts.',
        },
      ],
    },
  },
);
