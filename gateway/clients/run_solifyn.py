"""Runs the vendor's generated Python client, unmodified, against the local gateway.

    python3 -m venv /tmp/solifyn && /tmp/solifyn/bin/pip install solifyn-python==1.1.8
    cargo run --package latchkey-gateway -- --control --solifyn-issued filled --solifyn-last-used absent
    /tmp/solifyn/bin/python gateway/clients/run_solifyn.py http://127.0.0.1:8787

The client takes no null in a License, a Product or an Instance, though the documents allow them, so the fixtures have
none, and the gateway is started so that a license issued by a call has none either.
It takes an object alone in `lastUsedAt` of an API key, whose printed sample is a text.
"""

import json
import sys
import urllib.request
from datetime import datetime, timezone

import pydantic
import solifyn
from solifyn.api.customers_api import CustomersApi
from solifyn.api.developer_api import DeveloperApi
from solifyn.api.license_keys_api import LicenseKeysApi
from solifyn.api.license_keys_client_api import LicenseKeysClientApi
from solifyn.api.products_api import ProductsApi

BASE = sys.argv[1].rstrip("/")
KEY = sys.argv[2] if len(sys.argv) > 2 else "fyn_key_demo"
READ_ONLY_KEY = sys.argv[3] if len(sys.argv) > 3 else "fyn_key_demo_read"
PRODUCT, CUSTOMER = "prod_hyQQhhNzfEuvv", "cust_3r2FgHXp9"


def control(path, body):
    """A call of the gateway's own control interface, which the client knows nothing of."""
    request = urllib.request.Request(
        f"{BASE}/_control/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def client(key):
    return solifyn.ApiClient(solifyn.Configuration(host=BASE, access_token=key))


def refused(status, call):
    try:
        call()
    except solifyn.ApiException as error:
        assert error.status == status, error
        print(f"ok   refused with {status}: {json.loads(error.body)['message']}")
        return
    raise AssertionError(f"not refused with {status}")


def done(what):
    print(f"ok   {what}")


def fixtures():
    control("reset", {"keys": 0})
    control(
        "solifyn/products",
        {
            "id": PRODUCT, "name": "Enterprise SaaS Plan", "description": "Everything", "price": 99,
            "hasLicenseKey": True, "activationLimit": 3, "expiryHours": 720, "imageUrl": "", "discount": 0,
            "activationMessage": "Welcome", "githubRepo": "", "githubPermission": "pull", "discordGuildId": "",
            "discordRoleId": "", "billingPeriod": 30, "trialPeriodDays": 0, "expirationDays": 0,
            "statementDescriptor": "SOLIFYN", "metadata": {}, "stock": 0, "brandId": "", "digitalLink": "",
            "instructions": "",
        },
    )
    control("solifyn/customers", {"id": CUSTOMER, "email": "customer@example.com", "name": "John Doe"})
    control(
        "solifyn/licenses",
        {"id": "lic_hyQQhhNzfEuvv", "key": "A184-99C2-8CBE", "nonNull": True, "devices": 1},
    )


def main():
    fixtures()
    api = client(KEY)
    keys, program = LicenseKeysApi(api), LicenseKeysClientApi(api)
    products, customers, developer = ProductsApi(api), CustomersApi(api), DeveloperApi(api)

    listed = keys.licenses_list()
    assert [it.key for it in listed] == ["A184-99C2-8CBE"] and listed[0].instances_count == 1
    done("licenses_list")
    made = keys.licenses_create(
        solifyn.LicensesCreateRequest(productId=PRODUCT, customerId=CUSTOMER, activationLimit=2, expiryHours=48)
    )
    assert made.status == "ACTIVE" and made.activation_limit == 2 and made.expiry_hours == 48
    done("licenses_create")
    assert keys.licenses_get(made.id) == made
    done("licenses_get")
    end = datetime(2031, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    changed = keys.licenses_update(
        made.id, solifyn.LicensesUpdateRequest(status="DISABLED", activationLimit=1, expiresAt=end)
    )
    assert (changed.status, changed.activation_limit) == ("DISABLED", 1)
    assert changed.expires_at == "2031-02-03T04:05:06.000Z"
    done("licenses_update")
    assert keys.licenses_toggle(made.id).status == "ACTIVE"
    done("licenses_toggle")

    answer = program.licenses_verify(solifyn.LicensesVerifyRequest(key=made.key, productId=PRODUCT))
    assert answer.success and answer.valid and answer.license.product.name == "Enterprise SaaS Plan"
    done("licenses_verify")
    activate = solifyn.LicensesActivateRequest
    device = program.licenses_activate(activate(key=made.key, deviceIdentifier="one", name="First"))
    assert device.license_id == made.id and device.ip_address
    done("licenses_activate")
    refused(409, lambda: program.licenses_activate(activate(key=made.key, deviceIdentifier="two", name="Second")))
    assert [it.id for it in program.licenses_instances(made.id)] == [device.id]
    done("licenses_instances")
    assert [it.id for it in keys.licenses_get_instances(made.id)] == [device.id]
    done("licenses_get_instances")
    assert keys.licenses_get_instance(made.id, "one") == device
    done("licenses_get_instance")
    rename = solifyn.LicensesUpdateInstancePostRequest
    renamed = keys.licenses_update_instance(device.id, made.id, rename(instanceName="Desk"))
    assert renamed.instance_name == "Desk"
    done("licenses_update_instance")
    moved = keys.licenses_update_instance_post(device.id, made.id, rename(ipAddress="198.51.100.7"))
    assert moved.ip_address == "198.51.100.7"
    done("licenses_update_instance_post")
    assert program.licenses_deactivate("one", solifyn.LicensesDeactivateRequest(key=made.key)).success
    done("licenses_deactivate")
    device = program.licenses_activate(activate(key=made.key, deviceIdentifier="two", name="Second"))
    assert keys.licenses_delete_instance(device.id).id == device.id
    done("licenses_delete_instance")

    found = products.products_list(query="enterprise", is_archived=False, limit=5, page=1, sorting="-name")
    assert found.pagination.total_count == 1 and found.items[0].id == PRODUCT
    done("products_list")
    assert products.products_get(PRODUCT).has_license_key
    done("products_get")
    products.products_update(PRODUCT, solifyn.ProductUpdate(name="Renamed"))
    assert products.products_get(PRODUCT).name == "Renamed"
    done("products_update")
    assert products.products_archive(PRODUCT).message and products.products_get(PRODUCT).status == "ARCHIVED"
    done("products_archive")
    assert products.products_unarchive(PRODUCT).message and products.products_get(PRODUCT).status == "ACTIVE"
    done("products_unarchive")

    one = customers.customers_create(solifyn.CreateCustomerDto(email="new@example.com", name="New"))
    assert customers.customers_create(solifyn.CreateCustomerDto(email="new@example.com", name="Newer")).id == one.id
    done("customers_create")
    assert customers.customers_list().total_count == 2
    done("customers_list")
    assert customers.customers_update(one.id, solifyn.UpdateCustomerDto(username="newest")).message
    assert customers.customers_get(one.id).username == "newest"
    done("customers_update, customers_get")
    assert customers.customers_generate_invite(one.id).token
    done("customers_generate_invite")

    # The document gives these calls no authorization, so the client sends none unless told to.
    refused(401, developer.developer_list_api_keys)
    signed = {"_headers": {"Authorization": f"Bearer {KEY}"}}
    wanted = solifyn.CreateApiKeyDto(name="From Python", allowWrite=False)
    key = developer.developer_create_api_key(wanted, **signed)
    assert key.api_key.startswith("fyn_key_")
    done("developer_create_api_key")
    assert len(LicenseKeysApi(client(key.api_key)).licenses_list()) == 2
    assert len(developer.developer_list_api_keys(**signed)) == 3
    done("developer_list_api_keys")
    developer.developer_revoke_api_key(key.id, **signed)
    refused(401, lambda: LicenseKeysApi(client(key.api_key)).licenses_list())
    done("developer_revoke_api_key")

    refused(403, lambda: LicenseKeysApi(client(READ_ONLY_KEY)).licenses_toggle(made.id))
    refused(404, lambda: keys.licenses_get("lic_unknown"))
    refused(404, lambda: program.licenses_verify(solifyn.LicensesVerifyRequest(key="x", productId=PRODUCT)))
    blank = solifyn.LicensesCreateRequest(productId="", customerId="")
    refused(400, lambda: keys.licenses_create(blank))

    # What the documents allow and this client does not: a null.
    control("solifyn/licenses", {"id": "lic_null"})
    try:
        keys.licenses_get("lic_null")
    except pydantic.ValidationError:
        done("a License with a null is refused by the client itself, as it must be with the real service")
    else:
        raise AssertionError("the client took a null: the fixtures need not be special any more")


main()
