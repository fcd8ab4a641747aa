import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { withTexts } from './language.ts';
import { HomePage } from './pages/home.tsx';
import { Layout } from './pages/layout.tsx';
import { BrokenPage, LostPage } from './pages/lost.tsx';
import { readTableSearch } from './table-search.ts';

const root = createRootRoute({ component: Layout, notFoundComponent: LostPage, errorComponent: BrokenPage });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const photo = createRoute({
  getParentRoute: () => root,
  path: '/photos/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/photo.tsx')),
    'PhotoPage',
  ),
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/tasks.tsx')),
    'TasksPage',
  ),
});
const privacy = createRoute({
  getParentRoute: () => root,
  path: '/privacy',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/privacy.tsx')),
    'PrivacyPage',
  ),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: { to?: string }) => search,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/sign-in.tsx')),
    'SignInPage',
  ),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/reset-password.tsx')),
    'ResetPasswordPage',
  ),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/account.tsx')),
    'AccountPage',
  ),
});
const prices = createRoute({
  getParentRoute: () => root,
  path: '/prices',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/prices.tsx')),
    'PricesPage',
  ),
});
const buy = createRoute({
  getParentRoute: () => root,
  path: '/buy/$package',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/buy.tsx')),
    'BuyPage',
  ),
});
const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/order.tsx')),
    'OrderPage',
  ),
});
const receipt = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id/receipt',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/receipt.tsx')),
    'ReceiptPage',
  ),
});
const apiDocs = createRoute({
  getParentRoute: () => root,
  path: '/api-docs',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/api-docs.tsx')),
    'ApiDocsPage',
  ),
});
const terms = createRoute({
  getParentRoute: () => root,
  path: '/terms',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/terms.tsx')),
    'TermsPage',
  ),
});
const contact = createRoute({
  getParentRoute: () => root,
  path: '/contact',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/contact.tsx')),
    'ContactPage',
  ),
});
const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/invite.tsx')),
    'InvitePage',
  ),
});
const claim = createRoute({
  getParentRoute: () => root,
  path: '/r/$token',
  validateSearch: (search: { wechat?: string }) => search,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/claim.tsx')),
    'ClaimPage',
  ),
});
const offline = createRoute({
  getParentRoute: () => root,
  path: '/offline',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/offline.tsx')),
    'OfflinePage',
  ),
});

/** The operator's console. Whoever is none finds that nothing is here; once for each visit, not for each of its pages. */
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  async beforeLoad({ cause }) {
    if (cause === 'enter') await (await import('./admin/operator.ts')).requireOperator();
  },
  component: lazyRouteComponent(
    withTexts(() => import('./admin/frame.tsx')),
    'ConsoleFrame',
  ),
});
const adminToday = createRoute({
  getParentRoute: () => admin,
  path: '/',
  component: lazyRouteComponent(
    withTexts(() => import('./admin/today.tsx')),
    'TodayPage',
  ),
});
const adminPlace = createRoute({
  getParentRoute: () => admin,
  path: '/$place',
  validateSearch: readTableSearch,
  component: lazyRouteComponent(
    withTexts(() => import('./admin/place-page.tsx')),
    'PlacePage',
  ),
});
const adminThing = createRoute({
  getParentRoute: () => admin,
  path: '/$place/$id',
  component: lazyRouteComponent(
    withTexts(() => import('./admin/thing-page.tsx')),
    'ThingPage',
  ),
});

/** Every page of the site. A new one is a file in pages/ and a route here; all but the first are loaded when they are needed. */
export const createPages = (history?: RouterHistory) =>
  createRouter({
    ...(history && { history }),
    routeTree: root.addChildren([
      home,
      photo,
      tasks,
      signIn,
      resetPassword,
      account,
      prices,
      buy,
      order,
      receipt,
      apiDocs,
      terms,
      privacy,
      contact,
      invite,
      claim,
      offline,
      admin.addChildren([adminToday, adminPlace, adminThing]),
    ]),
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
