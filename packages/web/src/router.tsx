import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { HomePage } from './pages/home.tsx';
import { Layout } from './pages/layout.tsx';
import { BrokenPage, LostPage } from './pages/lost.tsx';

const root = createRootRoute({ component: Layout, notFoundComponent: LostPage, errorComponent: BrokenPage });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const photo = createRoute({
  getParentRoute: () => root,
  path: '/photos/$id',
  component: lazyRouteComponent(() => import('./pages/photo.tsx'), 'PhotoPage'),
});
const privacy = createRoute({
  getParentRoute: () => root,
  path: '/privacy',
  component: lazyRouteComponent(() => import('./pages/privacy.tsx'), 'PrivacyPage'),
});

/** Every page of the site. A new one is a file in pages/ and a route here; all but the first are loaded when they are needed. */
export const createPages = (history?: RouterHistory) =>
  createRouter({
    ...(history && { history }),
    routeTree: root.addChildren([home, photo, privacy]),
    // Its part on the server is an inline script, which the page's policy forbids.
    scrollRestoration: history === undefined,
    defaultPreload: 'intent',
    defaultErrorComponent: BrokenPage,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
