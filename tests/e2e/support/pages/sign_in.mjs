import { t } from '../texts.mjs';

/** The fields of signing in, on the page or in the dialog over it. */
export class SignIn {
  constructor(scope, page) {
    this.scope = scope;
    this.page = page;
    this.heading = scope.getByRole('heading', { name: t('sign_in.title'), exact: true });
    this.user = scope.getByRole('textbox', { name: t('sign_in.user'), exact: true });
    this.password = scope.getByRole('textbox', { name: t('sign_in.password'), exact: true });
    this.token = scope.getByRole('textbox', { name: t('sign_in.token'), exact: true });
    this.byToken = scope.getByRole('tab', { name: t('sign_in.by_token'), exact: true });
    this.byPassword = scope.getByRole('tab', { name: t('sign_in.by_password'), exact: true });
    this.submit = scope.getByRole('button', { name: t('sign_in.submit'), exact: true });
    this.connection = scope.getByRole('combobox', { name: t('sign_in.connection'), exact: true });
    this.alert = scope.getByRole('alert');
  }

  async withPassword(user, password) {
    await this.user.fill(user);
    await this.password.fill(password);
    await this.submit.click();
  }

  async withToken(token) {
    await this.byToken.click();
    await this.token.fill(token);
    await this.submit.click();
  }
}
