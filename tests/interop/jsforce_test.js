// SPDX-License-Identifier: Apache-2.0
// jsforce, unchanged, against the rehearsal org at the address file given as
// the first argument. Prints the Test Anything Protocol.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const jsforce = require(
    require.resolve('jsforce', { paths: [path.resolve(process.argv[3])] }));

const address = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const url = address.instance_url;
const version = '64.0';
const tests = [];
const test = (name, body) => tests.push({ name, body });
let conn;

test('signs in by client credentials', async () => {
    conn = new jsforce.Connection({
        instanceUrl: url,
        version,
        oauth2: {
            loginUrl: url,
            clientId: address.client_id,
            clientSecret: address.client_secret,
        },
    });
    await conn.authorize({ grant_type: 'client_credentials' });
    assert.ok(conn.accessToken);
    const who = await conn.identity();
    assert.equal(who.preferred_username || who.username, address.username);
});

test('signs in by SOAP login and works on', async () => {
    const soap = new jsforce.Connection({ loginUrl: url, version });
    const user = await soap.login(address.username, address.password);
    assert.equal(user.id.length, 18);
    assert.equal(soap.instanceUrl, url);
    const found = await soap.query('SELECT Id FROM Account LIMIT 1');
    assert.equal(typeof found.totalSize, 'number');
    await assert.rejects(
        new jsforce.Connection({ loginUrl: url, version })
            .login(address.username, 'wrong'), /INVALID_LOGIN/);
});

test('works by SOAP alone', async () => {
    const soap = new jsforce.Connection({ loginUrl: url, version });
    await soap.login(address.username, address.password);
    const type = 'Account';
    const [first, second] = await soap.soap.upsert('ERP_Id__c', [
        { type, Name: 'Ä & <B>', ERP_Id__c: 'JS1' },
        { type, Name: 'Kind', ERP_Id__c: 'JS2' },
    ]);
    assert.equal(first.success, true);
    assert.equal(first.created, true);
    const [again] = await soap.soap.upsert('ERP_Id__c',
        [{ type, Phone: null, Name: 'C', ERP_Id__c: 'JS1' }]);
    assert.equal(again.created, false);
    assert.equal(again.id, first.id);
    const [made, bad] = await soap.soap.create(
        [{ type, Name: 'New' }, { type, Phone: '1' }]);
    assert.equal(made.success, true);
    assert.equal(bad.success, false);
    assert.equal(bad.errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
    const [changed] = await soap.soap.update(
        [{ type, Id: made.id, Name: 'Newer' }]);
    assert.equal(changed.success, true);
    const gone = await soap.soap.delete([made.id, second.id]);
    assert.deepEqual(gone.map((each) => each.success), [true, true]);
    const who = await soap.soap.getUserInfo();
    assert.equal(who.userName, address.username);
    await assert.rejects(soap.soap.create([{ type, Nope__c: 1 }]),
        /INVALID_FIELD/);
});

test('signs in by username and password', async () => {
    const oauth = new jsforce.Connection({
        version,
        oauth2: {
            loginUrl: url,
            clientId: address.client_id,
            clientSecret: address.client_secret,
        },
    });
    await oauth.login(address.username, address.password);
    assert.ok(oauth.accessToken);
});

test('refreshes an expired session', async () => {
    const refreshed = new jsforce.Connection({
        instanceUrl: url,
        version,
        accessToken: 'no such session',
        refreshToken: address.refresh_token,
        oauth2: {
            loginUrl: url,
            clientId: address.client_id,
            clientSecret: address.client_secret,
        },
    });
    const limits = await refreshed.limits();
    assert.ok(limits.DailyApiRequests.Remaining > 0);
    assert.notEqual(refreshed.accessToken, 'no such session');
});

test('describes', async () => {
    const all = await conn.describeGlobal();
    assert.ok(all.sobjects.some((object) => object.name === 'Account'));
    const account = await conn.sobject('Account').describe();
    const field = account.fields.find((each) => each.name === 'ERP_Id__c');
    assert.equal(field.externalId, true);
    await assert.rejects(conn.sobject('Nothing__c').describe(), /NOT_FOUND/);
});

test('creates, reads, updates and deletes a row', async () => {
    const accounts = conn.sobject('Account');
    const made = await accounts.create(
        { Name: 'Müller "& Söhne"', ERP_Id__c: 'J1', Score__c: 12.5 });
    assert.equal(made.success, true);
    const read = await accounts.retrieve(made.id);
    assert.equal(read.Name, 'Müller "& Söhne"');
    assert.equal(read.Score__c, 12.5);
    const changed = await accounts.update({ Id: made.id, Name: 'Müller' });
    assert.equal(changed.success, true);
    assert.equal((await accounts.retrieve(made.id)).Name, 'Müller');
    assert.equal((await accounts.destroy(made.id)).success, true);
    await assert.rejects(accounts.retrieve(made.id), /NOT_FOUND/);
});

test('is told what is wrong with a row', async () => {
    const accounts = conn.sobject('Account');
    await assert.rejects(accounts.create({ Nope__c: 1 }),
        { errorCode: 'INVALID_FIELD' });
    await assert.rejects(accounts.create({ Phone: '1' }),
        { errorCode: 'REQUIRED_FIELD_MISSING' });
});

test('upserts by an external id', async () => {
    const accounts = conn.sobject('Account');
    const first = await accounts.upsert(
        { Name: 'One', ERP_Id__c: 'J 2 ü' }, 'ERP_Id__c');
    assert.equal(first.success, true);
    await accounts.upsert({ Name: 'Two', ERP_Id__c: 'J 2 ü' }, 'ERP_Id__c');
    const found = await accounts.findOne({ ERP_Id__c: 'J 2 ü' });
    assert.equal(found.Id, first.id);
    assert.equal(found.Name, 'Two');
});

test('writes collections', async () => {
    const accounts = conn.sobject('Account');
    const results = await accounts.create(
        [{ Name: 'C1', ERP_Id__c: 'C1' }, { Phone: '2' }]);
    assert.equal(results[0].success, true);
    assert.equal(results[1].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
    const upserted = await accounts.upsert(
        [{ Name: 'C1b', ERP_Id__c: 'C1' }, { Name: 'C2', ERP_Id__c: 'C2' }],
        'ERP_Id__c');
    assert.deepEqual(upserted.map((each) => each.created), [false, true]);
    const gone = await accounts.destroy(upserted.map((each) => each.id));
    assert.deepEqual(gone.map((each) => each.success), [true, true]);
});

test('loads in bulk', async () => {
    const input = [];
    for (let i = 0; i < 2500; i++) {
        input.push({ Name: `Bulk, "${i}"\nline`, ERP_Id__c: `B${i}` });
    }
    input.push({ Name: '', ERP_Id__c: 'B-none' });
    const results = await conn.bulk2.loadAndWaitForResults({
        object: 'Account',
        operation: 'upsert',
        externalIdFieldName: 'ERP_Id__c',
        input,
        pollInterval: 50,
        pollTimeout: 60000,
    });
    assert.equal(results.successfulResults.length, 2500);
    assert.equal(results.failedResults.length, 1);
    assert.equal(results.unprocessedRecords.length, 0);
    assert.match(results.failedResults[0].sf__Error,
        /^REQUIRED_FIELD_MISSING:/);
    const keys = new Set(
        results.successfulResults.map((each) => each.ERP_Id__c));
    assert.equal(keys.size, 2500);
});

test('queries page by page', async () => {
    const soql = "SELECT Id, Name FROM Account WHERE ERP_Id__c LIKE 'B%'";
    const first = await conn.query(soql);
    assert.equal(first.totalSize, 2500);
    assert.equal(first.done, false);
    assert.equal(first.records.length, 2000);
    const rest = await conn.queryMore(first.nextRecordsUrl);
    assert.equal(rest.done, true);
    assert.equal(rest.records.length, 500);
    const all = await conn.query(soql, { autoFetch: true, maxFetch: 5000 });
    assert.equal(new Set(all.records.map((each) => each.Id)).size, 2500);
    await assert.rejects(conn.query('SELEKT Id FROM Account'),
        { errorCode: 'MALFORMED_QUERY' });
});

test('queries in bulk', async () => {
    const stream = await conn.bulk2.query(
        "SELECT Id, Name, ERP_Id__c FROM Account WHERE ERP_Id__c LIKE 'B%'",
        { pollInterval: 50, pollTimeout: 60000 });
    const records = await stream.toArray();
    assert.equal(records.length, 2500);
    const one = records.find((each) => each.ERP_Id__c === 'B7');
    assert.equal(one.Name, 'Bulk, "7"\nline');
});

test('deletes in bulk', async () => {
    const found = await conn.query(
        "SELECT Id FROM Account WHERE ERP_Id__c LIKE 'B1%'",
        { autoFetch: true, maxFetch: 5000 });
    const results = await conn.bulk2.loadAndWaitForResults({
        object: 'Account',
        operation: 'delete',
        input: found.records.map((each) => ({ Id: each.Id })),
        pollInterval: 50,
        pollTimeout: 60000,
    });
    assert.equal(results.successfulResults.length, found.totalSize);
    const left = await conn.query(
        "SELECT COUNT() FROM Account WHERE ERP_Id__c LIKE 'B1%'");
    assert.equal(left.totalSize, 0);
});

async function main() {
    let number = 0;
    for (const each of tests) {
        number++;
        try {
            await each.body();
            console.log(`ok ${number} - ${each.name}`);
        } catch (problem) {
            console.log(`not ok ${number} - ${each.name}`);
            const text = String(problem && problem.stack || problem);
            console.log(text.replace(/^/gm, '# '));
        }
    }
    console.log(`1..${number}`);
}

main();
