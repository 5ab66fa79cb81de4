import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'client',
  base: '/app/',
  plugins: [react()],
  build: { outDir: '../dist/client', emptyOutDir: true, manifest: true, sourcemap: false },
});
